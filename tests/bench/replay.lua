-- Sends the calls of a file, one after the other over all connections, from the beginning again at its end.
-- When the time is over no more are sent, and once all that were sent are answered, wrk is ended: the server has then
-- nothing left to do. The first answer that is not 2xx ends it at once. What was measured is written to a file, as JSON.
--
-- CALLS names the file: of each call its length in bytes, a line end, the bytes as they go over the wire. RESULT names
-- the file of the result; SECONDS and CONNECTIONS are what they say.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
  int getpid(void);
  int kill(int process, int signal);
]]
local MONOTONIC, INTERRUPT = 1, 2
local clock = ffi.new("moment")
local main

local function now()
  ffi.C.clock_gettime(MONOTONIC, clock)
  return tonumber(clock.seconds) + tonumber(clock.nanoseconds) / 1e9
end

local function finish()
  ffi.C.kill(ffi.C.getpid(), INTERRUPT)
end

function setup(thread)
  main = thread
end

function init()
  local file = assert(io.open(os.getenv("CALLS"), "rb"))
  calls, at, failure = {}, 0, ""
  for length in function() return file:read("*n", "*l") end do
    calls[#calls + 1] = file:read(length)
  end
  file:close()
  seconds, connections = tonumber(os.getenv("SECONDS")), tonumber(os.getenv("CONNECTIONS"))
  is_probed, began, answered, idle, took = false, nil, 0, 0, nil
end

function request()
  if not is_probed then -- wrk looks at one call before it begins
    is_probed = true
    return calls[1]
  end
  began = began or now()
  if not took then
    at = at % #calls + 1
    return calls[at]
  end
  idle = idle + 1
  if idle == connections then finish() end
  return "" -- nothing is sent, and the connection waits
end

function response(status, headers, body)
  if (status < 200 or status > 299) and failure == "" then
    failure = status .. " " .. body
    finish()
  end
  if not took then
    answered = answered + 1
    local passed = now() - began
    if passed >= seconds then took = passed end
  end
end

local function quoted(text)
  return '"' .. text:gsub('[%c"\\\128-\255]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end

function done(summary, latency, requests)
  local file = assert(io.open(os.getenv("RESULT"), "w"))
  local errors = summary.errors
  file:write(string.format(
    '{"answered": %d, "seconds": %.6f, "p50": %d, "p99": %d, "broken": %d, "failure": %s}',
    main:get("answered"), main:get("took") or 0, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout, quoted(main:get("failure"))))
  file:close()
end

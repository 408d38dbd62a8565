"""Dialect 4, the native API: how it is written. Plain resources, problem documents (RFC 9457), keyset pages."""

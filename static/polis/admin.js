// htmx comes with unfold. Here it writes no <style> into a page, runs no code from texts, and keeps no page in the browser (S25).
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0;

-- In: a file of header lines, an empty line and a body, named by REQUEST. Prints one line of JSON about the run.
local file = io.open(os.getenv("REQUEST"))
wrk.method = "POST"
for line in file:lines() do
  if line == "" then break end
  local name, value = line:match("^(.-): (.*)$")
  wrk.headers[name] = value
end
wrk.body = file:read("*a")
file:close()

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"refused":%d,"failed":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end

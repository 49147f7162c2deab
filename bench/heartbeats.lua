-- Heartbeats of many machines in turn, for wrk; arguments: token, customer, number of machines.
local machines, customer, sent = 1, "", 0

function init(args)
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  wrk.body = '{"version":"1.0.0","uptime_seconds":3600,"pid":1234,"ips":["10.0.0.5"]}'
  customer, machines = args[2], tonumber(args[3])
end

function request()
  sent = sent + 1
  local path = "/api/ingest/" .. customer .. "/machine-" .. (sent % machines) .. "/app/heartbeat"
  return wrk.format("POST", path)
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests":%d,"microseconds":%d,"p99_microseconds":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(99), failed))
end

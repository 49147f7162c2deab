-- Sends ready-made requests in turn, for wrk; arguments: their file, the request to begin with,
-- counted from 0, and the mean pause before each request of a connection in milliseconds (0 for none).
local requests, sent = {}, 0

local function read(path)
  local file = assert(io.open(path, "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
end

function init(args)
  read(args[1])
  sent = tonumber(args[2])
  local pause = tonumber(args[3])
  if pause == 0 then return end
  -- Evenly spread around the mean, so that the connections do not send in step. wrk asks only for
  -- a function of this name.
  math.randomseed(os.time())
  function delay()
    return math.floor(math.random() * (2 * pause + 1))
  end
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50Microseconds":%d,"p99Microseconds":%d,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end

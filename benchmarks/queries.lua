-- For wrk: asks the queries of a file in turn. Arguments: the path of the endpoint; the file, a percent-encoded query a
-- line; and for queries of which no two are the same, the number of the first, which each gets as a comment.
local queries, turn, number = {}, 0, nil

function init(arguments)
    for line in io.lines(arguments[2]) do
        queries[#queries + 1] = arguments[1] .. "?query=" .. line
    end
    number = tonumber(arguments[3])
    wrk.headers["Accept"] = "application/sparql-results+json"
end

function request()
    turn = turn % #queries + 1
    if number == nil then
        return wrk.format("GET", queries[turn])
    end
    number = number + 1
    return wrk.format("GET", queries[turn] .. string.format("%%23%d", number))
end

function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "seconds": %f, "failed": %d, "p50_ms": %f, "p95_ms": %f}',
        summary.requests,
        summary.duration / 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50) / 1e3,
        latency:percentile(95) / 1e3
    ))
end

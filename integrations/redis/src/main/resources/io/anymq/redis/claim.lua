-- KEYS[1] the entry; ARGV: fingerprint, claim id, lease in microseconds, milliseconds that the entry is kept
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local entry = redis.call('HMGET', KEYS[1], 'state', 'fingerprint', 'token', 'claim', 'ends')
local token = now
if entry[1] then
    if tonumber(entry[5]) > now then
        if entry[2] ~= ARGV[1] then
            return {'C', '0', '0'}
        end
        if entry[1] ~= 'P' or entry[4] ~= ARGV[2] then
            return {entry[1], '0', string.format('%.0f', entry[5] - now)}
        end
    end
    -- a claim whose answer was lost keeps its token; every other one gets a greater one
    if entry[1] == 'P' and entry[4] == ARGV[2] then
        token = tonumber(entry[3])
    elseif tonumber(entry[3]) >= now then
        token = entry[3] + 1
    end
end
redis.call('HSET', KEYS[1], 'state', 'P', 'fingerprint', ARGV[1], 'token', string.format('%.0f', token),
    'claim', ARGV[2], 'ends', string.format('%.0f', now + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {'G', string.format('%.0f', token), '0'}

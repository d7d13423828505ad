-- KEYS[1] the entry; ARGV: token, the new state, how long it lasts in microseconds, milliseconds that the entry is kept
local entry = redis.call('HMGET', KEYS[1], 'state', 'token')
-- the same change by the same holder is accepted again, because the first answer may have been lost
if entry[2] ~= ARGV[1] or (entry[1] ~= 'P' and entry[1] ~= ARGV[2]) then
    return 0
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'ends', string.format('%.0f', time[1] * 1000000 + time[2] + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1

-- KEYS[1] the entry; ARGV: milliseconds that it is kept, so that the token of its holder is not granted again
if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('HINCRBY', KEYS[1], 'token', 1)
    redis.call('HSET', KEYS[1], 'state', 'R', 'ends', '0')
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return 1

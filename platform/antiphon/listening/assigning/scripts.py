"""Small steps on what assignment keeps in Valkey; each is one script, so that nobody sees it half done.

The keys are those of assignment.lua, which see. Plays are written as there: a letter and an individual.
"""

# What is reserved for a listener goes back to everybody. KEYS: load, held, open. ARGV: listener.
RELEASE = """
for _, play in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if redis.call('ZREM', KEYS[2], ARGV[1] .. ' ' .. play) == 1 and string.sub(play, 1, 1) == 'n' then
    redis.call('ZINCRBY', KEYS[1], -1, string.sub(play, 2))
  end
end
return redis.call('DEL', KEYS[3])
"""

# What a listener has answered, as the database says: perhaps Valkey was not told, or has forgotten. What was reserved
# for an answer that it did not hear of would block the listener until it runs out.
# KEYS: load, held, open, heard, plays. ARGV: listener, ttl_s, number of the generation, answers as JSON: this
# generation's, each a play and whether it is a rating; everything heard before, as entries of plays.
REMEMBER = """
local listener, ttl, number = ARGV[1], ARGV[2], ARGV[3]
local before = cjson.decode(ARGV[5])
if #before > 0 and redis.call('LLEN', KEYS[5]) == 0 then
  redis.call('RPUSH', KEYS[5], unpack(before))
end
for _, answer in ipairs(cjson.decode(ARGV[4])) do
  local play, is_rating = answer[1], answer[2]
  local was_held = redis.call('ZREM', KEYS[2], listener .. ' ' .. play) == 1
  local is_news = redis.call('SADD', KEYS[4], play) == 1
  redis.call('ZREM', KEYS[3], play)
  if is_news then
    redis.call('RPUSH', KEYS[5], play .. ':' .. number)
  end
  local counts = is_news and is_rating
  local individual = string.sub(play, 2)
  if string.sub(play, 1, 1) == 'n' and was_held ~= counts and redis.call('ZSCORE', KEYS[1], individual) then
    redis.call('ZINCRBY', KEYS[1], counts and 1 or -1, individual)
  end
end
redis.call('EXPIRE', KEYS[5], ttl)
return redis.call('EXPIRE', KEYS[4], ttl)
"""

# An answer that was taken back becomes a reservation again: the phrase lies on the listener's page.
# KEYS: load, held, open, heard, plays.
# ARGV: listener, play, expiry_ms, whether a rating was taken back (1) or a skip (0), number of the generation.
TAKE_BACK = """
if redis.call('SREM', KEYS[4], ARGV[2]) == 0 then
  return 0
end
redis.call('LREM', KEYS[5], -1, ARGV[2] .. ':' .. ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1] .. ' ' .. ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
if ARGV[4] == '0' and string.sub(ARGV[2], 1, 1) == 'n' then
  redis.call('ZINCRBY', KEYS[1], 1, string.sub(ARGV[2], 2))
end
return 1
"""

# What is believed of each phrase after so many ratings; answers on their way make it surer by one each.
# KEYS: load, belief, worth.
# ARGV: ttl_s, beliefs as JSON: individual, squared distance from the cut, precision, ratings.
BELIEVE = """
for _, one in ipairs(cjson.decode(ARGV[2])) do
  local individual = string.format('%.0f', one[1])
  local given = redis.call('ZSCORE', KEYS[1], individual)
  if given then
    local precision = one[3] + math.max(tonumber(given) - one[4], 0)
    redis.call('HSET', KEYS[2], individual, one[2] .. ' ' .. precision)
    redis.call('ZADD', KEYS[3], math.exp(-one[2] * precision / 2) / precision, individual)
  end
end
redis.call('EXPIRE', KEYS[2], ARGV[1])
return redis.call('EXPIRE', KEYS[3], ARGV[1])
"""

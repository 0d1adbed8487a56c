-- The next phrases of many listeners in one generation, in one step.
-- KEYS: load (individual -> ratings and reservations)
-- ARGV: prefix of the generation's other keys, now_ms, expiry_ms, want, ttl_s, requests as JSON, each a list of
--       listener, dice, individual rated just now or 0, whether that rating is new, individuals that the page holds
-- Other keys: held ("listener individual" -> expiry), and of each listener the set rated, and
--       open (individual -> expiry)
-- Returns for each request the individuals that are this listener's to rate now, as JSON; false where the generation
-- is not loaded.
local load, prefix = KEYS[1], ARGV[1]
local now, expiry, want, ttl = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local held = prefix .. 'held'
local soon = (now + expiry) / 2 -- reservations that run out before are renewed

if redis.call('EXISTS', load) == 0 then
  return false
end

-- Reservations whose time has run out go back to everybody.
for _, member in ipairs(redis.call('ZRANGEBYSCORE', held, '-inf', now, 'LIMIT', 0, 1000)) do
  redis.call('ZREM', held, member)
  redis.call('ZINCRBY', load, -1, string.match(member, '(%d+)$'))
end

local function note_rating(listener, individual, is_new, rated, open)
  local was_held = redis.call('ZREM', held, listener .. ' ' .. individual) == 1
  redis.call('ZREM', open, individual)
  redis.call('SADD', rated, individual)
  if is_new and not was_held then
    redis.call('ZINCRBY', load, 1, individual)
  elseif was_held and not is_new then
    redis.call('ZINCRBY', load, -1, individual)
  end
end

-- The least rated and reserved individual that is not taken, ties at random. Most often one of a few drawn at random
-- among the least will do; only where all of those are taken are all individuals gone through.
local function choose(is_taken, dice)
  local least = redis.call('ZRANGE', load, 0, 0, 'WITHSCORES')[2]
  local start = math.floor(dice * redis.call('ZCOUNT', load, least, least))
  for _, individual in ipairs(redis.call('ZRANGEBYSCORE', load, least, least, 'LIMIT', start, 8)) do
    if not is_taken(individual) then
      return individual
    end
  end
  local lowest, ties = nil, {}
  local entries = redis.call('ZRANGE', load, 0, -1, 'WITHSCORES')
  for position = 1, #entries, 2 do
    local individual, count = entries[position], tonumber(entries[position + 1])
    if lowest ~= nil and count > lowest then
      break
    end
    if not is_taken(individual) then
      lowest = count
      ties[#ties + 1] = individual
    end
  end
  return ties[math.floor(dice * #ties) + 1]
end

local function serve(listener, dice, just_rated, is_new, holds)
  local rated, open = prefix .. 'rated:' .. listener, prefix .. 'open:' .. listener
  redis.call('ZREMRANGEBYSCORE', open, '-inf', now)
  if just_rated ~= 0 then
    note_rating(listener, string.format('%.0f', just_rated), is_new, rated, open)
  end

  -- What is reserved for this listener: individual -> when that runs out.
  local mine, open_until, entries = {}, {}, redis.call('ZRANGE', open, 0, -1, 'WITHSCORES')
  for position = 1, #entries, 2 do
    mine[#mine + 1] = entries[position]
    open_until[entries[position]] = tonumber(entries[position + 1])
  end

  local function is_taken(individual)
    return open_until[individual] or redis.call('SISMEMBER', rated, individual) == 1
  end

  local function reserve(individual)
    if redis.call('ZADD', held, expiry, listener .. ' ' .. individual) == 1 then
      redis.call('ZINCRBY', load, 1, individual)
    end
    redis.call('ZADD', open, expiry, individual)
    if not open_until[individual] then
      mine[#mine + 1] = individual
    end
    open_until[individual] = expiry
  end

  -- What the page still holds stays reserved, also where its time had run out.
  for _, number in ipairs(holds) do
    local individual = string.format('%.0f', number)
    if open_until[individual] then
      if open_until[individual] < soon then
        reserve(individual)
      end
    elseif not is_taken(individual) and redis.call('ZSCORE', load, individual) then
      reserve(individual)
    end
  end

  while #mine < want do
    local chosen = choose(is_taken, dice)
    if not chosen then
      break
    end
    dice = (dice * 7919) % 1
    reserve(chosen)
  end

  for _, key in ipairs({rated, open}) do
    redis.call('EXPIRE', key, ttl)
  end
  return mine
end

local answers = {}
for _, request in ipairs(cjson.decode(ARGV[6])) do
  answers[#answers + 1] = serve(unpack(request))
end
redis.call('EXPIRE', load, ttl)
redis.call('EXPIRE', held, ttl)
return cjson.encode(answers)

-- The next phrases of many listeners in one generation, in one step.
--
-- A play is written as a letter and an individual: n for a phrase of the generation, a for an anchor, r for a repeat.
-- KEYS: load (individual -> ratings and reservations of it as a phrase of this generation)
-- ARGV: prefix of the generation's other keys, prefix of the population's keys, now_ms, expiry_ms, want, ttl_s,
--       number of the generation, coverage, anchors as JSON, whether everybody is to hear each of these once (1 or 0),
--       individual -> island that it lives on as JSON, requests as JSON, each a list of listener, dice, play answered
--       just now or "", whether that is its first answer, whether it is a rating, whether anchors may be heard, whether
--       repeats may, plays that the page holds, island or -1
-- Other keys of the generation: held ("listener play" -> expiry), belief (individual -> squared distance from the cut,
--       precision), worth (individual -> what one more answer teaches), and of each listener heard (set of plays
--       answered) and open (play reserved -> expiry). Of the population, of each listener: plays, a list of
--       "play:number" of the generation in which it was heard, in the order in which they were answered.
-- Returns for each request the plays that are this listener's to answer now, as JSON; false where the generation is
-- not loaded.
local load, prefix, population = KEYS[1], ARGV[1], ARGV[2]
local now, expiry, want, ttl = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local number, coverage = tonumber(ARGV[7]), tonumber(ARGV[8])
local anchors, tells_apart, homes = cjson.decode(ARGV[9]), ARGV[10] == '1', cjson.decode(ARGV[11])
local held, belief, worth = prefix .. 'held', prefix .. 'belief', prefix .. 'worth'
local soon = (now + expiry) / 2 -- reservations that run out before are renewed
local ANCHOR_EVERY, REPEAT_EVERY, REPEAT_AGE, LOOKED_BACK = 8, 12, 8, 48
if tells_apart then
  ANCHOR_EVERY = 2
end
local JITTER, WINDOW = 0.05, 16

if redis.call('EXISTS', load) == 0 then
  return false
end

local function individual_of(play)
  return string.sub(play, 2)
end

-- An answer more or less that is on its way to a phrase: it will be surer, and teach less the next time.
local function count(individual, step)
  redis.call('ZINCRBY', load, step, individual)
  local known = redis.call('HGET', belief, individual)
  if known then
    local distance, precision = string.match(known, '^(%S+) (%S+)$')
    precision = math.max(tonumber(precision) + step, 0.01)
    redis.call('HSET', belief, individual, distance .. ' ' .. precision)
    redis.call('ZADD', worth, math.exp(-tonumber(distance) * precision / 2) / precision, individual)
  end
end

-- Reservations whose time has run out go back to everybody.
for _, member in ipairs(redis.call('ZRANGEBYSCORE', held, '-inf', now, 'LIMIT', 0, 1000)) do
  redis.call('ZREM', held, member)
  local kind, individual = string.match(member, ' (%a)(%d+)$')
  if kind == 'n' then
    count(individual, -1)
  end
end

local function note_answer(listener, play, is_first, is_rating, heard, open)
  local was_held = redis.call('ZREM', held, listener .. ' ' .. play) == 1
  redis.call('ZREM', open, play)
  if redis.call('SADD', heard, play) == 1 then
    redis.call('RPUSH', population .. 'plays:' .. listener, play .. ':' .. number)
  end
  if string.sub(play, 1, 1) ~= 'n' then
    return
  end
  local counts_now = is_first and is_rating
  if counts_now and not was_held then
    count(individual_of(play), 1)
  elseif was_held and not counts_now then
    count(individual_of(play), -1)
  end
end

-- The least rated and reserved individual that is not taken, ties at random, and how much that is. Most often one of a
-- few drawn at random among the least will do; only where all of those are taken are all individuals gone through.
local function least(is_taken, dice)
  local lowest = redis.call('ZRANGE', load, 0, 0, 'WITHSCORES')[2]
  if not lowest then
    return nil
  end
  local start = math.floor(dice * redis.call('ZCOUNT', load, lowest, lowest))
  for _, individual in ipairs(redis.call('ZRANGEBYSCORE', load, lowest, lowest, 'LIMIT', start, 8)) do
    if not is_taken('n' .. individual) then
      return individual, tonumber(lowest)
    end
  end
  local floor, ties = nil, {}
  local entries = redis.call('ZRANGE', load, 0, -1, 'WITHSCORES')
  for position = 1, #entries, 2 do
    local individual, given = entries[position], tonumber(entries[position + 1])
    if floor ~= nil and given > floor then
      break
    end
    if not is_taken('n' .. individual) then
      floor = given
      ties[#ties + 1] = individual
    end
  end
  return ties[math.floor(dice * #ties) + 1], floor
end

-- The individual whose next answer teaches most, within some jitter; nil where nothing is known of any that is left.
local function worthiest(is_taken, dice)
  local best, best_worth, from = nil, -1, 0
  while true do
    local entries = redis.call('ZREVRANGE', worth, from, from + WINDOW - 1, 'WITHSCORES')
    for position = 1, #entries, 2 do
      local given = tonumber(entries[position + 1])
      if given * (1 + JITTER) < best_worth then
        return best
      end
      dice = (dice * 7919 + 0.1234567) % 1
      local jittered = given * (1 + JITTER * (2 * dice - 1))
      if jittered > best_worth and not is_taken('n' .. entries[position]) then
        best, best_worth = entries[position], jittered
      end
    end
    if #entries < 2 * WINDOW then
      return best
    end
    from = from + WINDOW
  end
end

local function first_of(is_taken, dice)
  local individual, given = least(is_taken, dice)
  if individual and given >= coverage then
    return worthiest(is_taken, dice) or individual
  end
  return individual
end

-- Of the listener's own island while that has any left, and of those that live on none; then of the others too, for a
-- phrase may want more voices than its island has listeners.
local function choose(is_taken, dice, island)
  if island >= 0 then
    local own = first_of(function(play)
      return (homes[individual_of(play)] or island) ~= island or is_taken(play)
    end, dice)
    if own then
      return own
    end
  end
  return first_of(is_taken, dice)
end

local function anchor(listener, is_taken, dice)
  local free, is_known = {}, {}
  if tells_apart then
    for _, entry in ipairs(redis.call('LRANGE', population .. 'plays:' .. listener, 0, -1)) do
      is_known[string.match(entry, '^%a(%d+):')] = true
    end
  end
  for _, number_of in ipairs(anchors) do
    local individual = string.format('%.0f', number_of)
    local play = 'a' .. individual
    if not is_taken(play) and not is_known[individual] then
      free[#free + 1] = play
    end
  end
  return free[math.floor(dice * #free) + 1]
end

-- Something that this listener heard at least REPEAT_AGE plays ago, in this generation or the one before.
local function repeated(listener, is_taken, dice, n_open)
  local plays = population .. 'plays:' .. listener
  local old = redis.call('LRANGE', plays, -LOOKED_BACK, -(REPEAT_AGE - n_open))
  local free = {}
  for _, entry in ipairs(old) do
    local kind, individual, heard_in = string.match(entry, '^(%a)(%d+):(%d+)$')
    local play = 'r' .. individual
    if kind == 'n' and tonumber(heard_in) >= number - 1 and not is_taken(play) then
      free[#free + 1] = play
    end
  end
  return free[math.floor(dice * #free) + 1]
end

local function serve(listener, dice, answered, is_first, is_rating, has_anchors, has_repeats, holds, island)
  local heard, open = prefix .. 'heard:' .. listener, prefix .. 'open:' .. listener
  redis.call('ZREMRANGEBYSCORE', open, '-inf', now)
  if answered ~= '' then
    note_answer(listener, answered, is_first, is_rating, heard, open)
  end

  -- What is reserved for this listener: play -> when that runs out.
  local mine, open_until, entries = {}, {}, redis.call('ZRANGE', open, 0, -1, 'WITHSCORES')
  for position = 1, #entries, 2 do
    mine[#mine + 1] = entries[position]
    open_until[entries[position]] = tonumber(entries[position + 1])
  end

  local function is_taken(play)
    return open_until[play] or redis.call('SISMEMBER', heard, play) == 1
  end

  local function reserve(play)
    if redis.call('ZADD', held, expiry, listener .. ' ' .. play) == 1 and string.sub(play, 1, 1) == 'n' then
      count(individual_of(play), 1)
    end
    redis.call('ZADD', open, expiry, play)
    if not open_until[play] then
      mine[#mine + 1] = play
    end
    open_until[play] = expiry
  end

  -- What the page still holds stays reserved, also where its time had run out.
  for _, play in ipairs(holds) do
    if open_until[play] then
      if open_until[play] < soon then
        reserve(play)
      end
    elseif not is_taken(play) then
      if string.sub(play, 1, 1) ~= 'n' or redis.call('ZSCORE', load, individual_of(play)) then
        reserve(play)
      end
    end
  end

  while #mine < want do
    local chosen = choose(is_taken, dice, island)
    if not chosen then
      break -- anchors and repeats come between the phrases of a generation, not after them
    end
    local position = #mine + 1
    if has_anchors or has_repeats then
      position = position + redis.call('LLEN', population .. 'plays:' .. listener)
    end
    local extra = nil
    if has_anchors and position % ANCHOR_EVERY == 0 then
      extra = anchor(listener, is_taken, dice)
    end
    if not extra and has_repeats and position % REPEAT_EVERY == 0 then
      extra = repeated(listener, is_taken, dice, #mine)
    end
    dice = (dice * 7919) % 1
    reserve(extra or ('n' .. chosen))
  end

  redis.call('EXPIRE', heard, ttl)
  redis.call('EXPIRE', open, ttl)
  redis.call('EXPIRE', population .. 'plays:' .. listener, ttl)
  return mine
end

local answers = {}
for _, request in ipairs(cjson.decode(ARGV[12])) do
  answers[#answers + 1] = serve(unpack(request))
end
for _, key in ipairs({load, held, belief, worth}) do
  redis.call('EXPIRE', key, ttl)
end
return cjson.encode(answers)

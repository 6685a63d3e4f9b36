-- A batch of operations on claims, holds and rates, in the order of ARGV.
-- KEYS: every key once. ARGV: for each operation its name, the number of its
-- key and its arguments. The answer has one entry for each operation.
--
-- The claims of an equipment are one sorted set. Member: unit:start:end:expires:
-- extensions:owner, score: start. The member '' is no claim; its score is the
-- longest claim's length, so that what overlaps [from, to) is found by a range
-- of starts (from - longest, to) instead of a walk over all claims. All times
-- are Unix milliseconds; expiry is judged by TIME alone.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local at = 0
local op = {}

local function arg()
  at = at + 1
  return ARGV[at]
end

-- Lua prints large numbers as 1.7e+14 by itself.
local function text(n) return string.format('%.0f', n) end

-- The claims that overlap [from, to), and the longest claim's length. Expired
-- claims are dropped on the way.
local function near(key, from, to)
  local longest = redis.call('ZSCORE', key, '')
  if not longest then return {}, 0 end
  local rows = redis.call('ZRANGEBYSCORE', key, '(' .. text(from - longest), '(' .. text(to))
  local found = {}
  for _, row in ipairs(rows) do
    local unit, start, till, expires, extensions, owner =
      string.match(row, '^(%d+):(%-?%d+):(%-?%d+):(%d+):(%d+):(.*)$')
    if unit then
      expires, till = tonumber(expires), tonumber(till)
      if expires <= now then
        redis.call('ZREM', key, row)
      elseif till > from then
        found[#found + 1] = {member = row, unit = unit, from = tonumber(start), till = till,
          expires = expires, extensions = tonumber(extensions), owner = owner}
      end
    end
  end
  return found, tonumber(longest)
end

-- Writes a claim in place of its older member, and keeps the key alive until
-- the last of its claims has expired (a second more costs nothing).
local function put(key, c, longest)
  if c.member then redis.call('ZREM', key, c.member) end
  local from, till = text(c.from), text(c.till)
  redis.call('ZADD', key, from,
    c.unit .. ':' .. from .. ':' .. till .. ':' .. text(c.expires) .. ':' .. c.extensions .. ':' .. c.owner)
  if c.till - c.from > longest then
    redis.call('ZADD', key, text(c.till - c.from), '')
  end
  if redis.call('PTTL', key) < c.expires - now then
    redis.call('PEXPIRE', key, text(c.expires - now + 1000))
  end
end

-- Claims that nobody touches again are found by looking at two at random with
-- each win: one is added and two are looked at, so they stay a minority.
local function sweep(key)
  for _, member in ipairs(redis.call('ZRANDMEMBER', key, 2)) do
    local expires = string.match(member, '^%d+:%-?%d+:%-?%d+:(%d+):')
    if expires and tonumber(expires) <= now then redis.call('ZREM', key, member) end
  end
end

-- from, to, ttl, owner, extensions of a claim that is new here, number of units, units by rank
-- → {unit, expires, extensions, 1 if fresh}; {} when all are locked
function op.acquire(key)
  local from, to, ttl, owner, extensions = tonumber(arg()), tonumber(arg()), tonumber(arg()), arg(), tonumber(arg())
  local taken, mine = {}, {}
  local claims, longest = near(key, from, to)
  for _, c in ipairs(claims) do
    if c.owner ~= owner then
      taken[c.unit] = true
    elseif c.from == from and c.till == to then
      mine[c.unit] = c
    end
  end
  -- The own claim goes first even on a later unit: a retry must find what an
  -- earlier call, whose answer was lost, had won.
  local own, free
  for _ = 1, tonumber(arg()) do
    local unit = arg()
    own = own or mine[unit]
    if not taken[unit] then free = free or unit end
  end
  if own then
    if own.expires < now + ttl then
      own.expires = now + ttl
      put(key, own, longest)
    end
    return {tonumber(own.unit), own.expires, own.extensions, 0}
  end
  if not free then return {} end
  put(key, {unit = free, from = from, till = to, expires = now + ttl, extensions = extensions, owner = owner}, longest)
  sweep(key)
  return {tonumber(free), now + ttl, extensions, 1}
end

-- unit, from, to, ttl, owner → {unit, expires, extensions}; {} when not held
function op.extend(key)
  local unit, from, to, ttl, owner = arg(), tonumber(arg()), tonumber(arg()), tonumber(arg()), arg()
  local claims, longest = near(key, from, to)
  for _, c in ipairs(claims) do
    if c.owner == owner and c.unit == unit and c.from == from and c.till == to then
      c.expires, c.extensions = now + ttl, c.extensions + 1
      put(key, c, longest)
      return {tonumber(unit), c.expires, c.extensions}
    end
  end
  return {}
end

-- from, to, owner → how many were dropped
function op.release(key)
  local from, to, owner = tonumber(arg()), tonumber(arg()), arg()
  local dropped = 0
  for _, c in ipairs(near(key, from, to)) do
    if c.owner == owner then dropped = dropped + redis.call('ZREM', key, c.member) end
  end
  if dropped > 0 and redis.call('ZCARD', key) == 1 then redis.call('DEL', key) end
  return dropped
end

-- from, to → unit, from, to, expires, extensions, owner of each claim, flat
function op.list(key)
  local out = {}
  for _, c in ipairs(near(key, tonumber(arg()), tonumber(arg()))) do
    for _, v in ipairs({tonumber(c.unit), c.from, c.till, c.expires, c.extensions, c.owner}) do
      out[#out + 1] = v
    end
  end
  return out
end

-- hold, ttl → the hold remembered before, or nil
function op.swap(key)
  local hold, ttl = arg(), arg()
  return redis.call('SET', key, hold, 'PX', ttl, 'GET')
end

-- → the hold remembered, or nil
function op.remembered(key)
  return redis.call('GET', key)
end

-- microseconds per token, tokens → 0, or the microseconds to wait. GCRA: only
-- the instant at which the bucket will be full again is kept.
function op.rate(key)
  local each, burst = tonumber(arg()), tonumber(arg())
  local micros = clock[1] * 1000000 + clock[2]
  local full = math.max(tonumber(redis.call('GET', key) or 0), micros) + each
  local wait = full - micros - each * burst
  if wait > 0 then return wait end
  redis.call('SET', key, text(full), 'PX', text(math.ceil((full - micros) / 1000)))
  return 0
end

local answers = {}
while at < #ARGV do
  local name = arg()
  answers[#answers + 1] = op[name](KEYS[tonumber(arg())])
end
return answers

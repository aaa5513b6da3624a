//! The shared counts in Redis: one script, one key per quota, by the clock of the Redis server.

use redis::aio::ConnectionManager;
use redis::{RedisError, Script};

use super::{Key, Quota, Shared, SharedError, SharedReply, SharedTaken};

/// Decides about all quotas of one subject at once. Arguments: interval and burst per key, in microseconds.
/// Reply: 1 or 0, then the lead of each arrival time. A value that is no number counts as untouched. Microseconds
/// since 1970 stay below 2^53, so Lua's numbers hold them exactly.
const SCRIPT: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local ahead, allowed = {}, 1
for i, key in ipairs(KEYS) do
  local interval, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local arrival = tonumber(redis.call('GET', key) or '') or now
  ahead[i] = math.min(math.max(arrival - now, 0), burst)
  if ahead[i] + interval > burst then allowed = 0 end
end
if allowed == 1 then
  for i, key in ipairs(KEYS) do
    ahead[i] = ahead[i] + tonumber(ARGV[2 * i - 1])
    redis.call('SET', key, string.format('%.0f', now + ahead[i]), 'PX', math.ceil(ahead[i] / 1000) + 1)
  end
end
table.insert(ahead, 1, allowed)
return ahead
";

/// Counts in Redis. A connection manager reconnects by itself and is cheap to clone.
pub struct RedisStore {
    manager: ConnectionManager,
    script: Script,
}

impl RedisStore {
    /// A store over this connection.
    pub fn new(manager: ConnectionManager) -> Self {
        Self {
            manager,
            script: Script::new(SCRIPT),
        }
    }

    async fn run(&self, key: Key, quotas: &[Quota]) -> Result<Vec<i64>, RedisError> {
        let mut call = self.script.prepare_invoke();
        for (index, quota) in quotas.iter().enumerate() {
            // The braces keep the keys of one subject on one node of a cluster.
            call.key(format!("khaacho:limit:{{{}}}:{index}", hex(key)));
            call.arg(quota.interval()).arg(quota.burst());
        }
        call.invoke_async(&mut self.manager.clone()).await
    }
}

impl Shared for RedisStore {
    fn take<'a>(&'a self, key: Key, quotas: &'a [Quota]) -> SharedReply<'a> {
        Box::pin(async move {
            let reply = self
                .run(key, quotas)
                .await
                .map_err(|error| SharedError(error.to_string()))?;
            let Some((allowed, ahead)) = reply.split_first() else {
                return Err(SharedError("the script answered nothing".to_owned()));
            };
            Ok(SharedTaken {
                allowed: *allowed == 1,
                ahead: ahead.to_vec(),
            })
        })
    }
}

fn hex(key: Key) -> String {
    key.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

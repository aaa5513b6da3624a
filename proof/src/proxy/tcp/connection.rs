//! One connection through a proxy of bytes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;

use super::{Direction, Shared, Sky, Weather};

/// Most bytes in a piece.
const PIECE: usize = 16 * 1024;
/// Most bytes in a piece of [`Weather::Slice`].
const SLICE: usize = 48;
/// Pause between two of them, so that the kernel does not put them together again.
const SLICE_PAUSE: Duration = Duration::from_millis(1);

/// Why a connection ended.
enum End {
    /// Both sides are done, or one of them broke.
    Natural,
    /// The weather wants it reset.
    Reset,
}

/// Serves one client until either side or the weather ends it.
pub(super) async fn serve(mut client: TcpStream, shared: Arc<Shared>) {
    let mut sky = shared.sky.subscribe();
    let cuts = sky.borrow().cuts;
    if sky.borrow().weather == Weather::Refuse {
        shared.refused.fetch_add(1, Ordering::Relaxed);
        reset(client);
        return;
    }
    shared.accepted.fetch_add(1, Ordering::Relaxed);
    match before_server(&mut client, &mut sky, cuts).await {
        End::Natural => {}
        End::Reset => {
            shared.cut.fetch_add(1, Ordering::Relaxed);
            reset(client);
            return;
        }
    }
    let Ok(mut server) = TcpStream::connect(shared.upstream()).await else {
        shared.refused.fetch_add(1, Ordering::Relaxed);
        reset(client);
        return;
    };
    // What is sliced or delayed must not be gathered by the kernel; failing to ask for that changes nothing else.
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    if matches!(through(&mut client, &mut server, &shared, cuts).await, End::Reset) {
        shared.cut.fetch_add(1, Ordering::Relaxed);
        reset(server);
        reset(client);
    }
}

/// While nothing can reach the server, none is asked.
async fn before_server(client: &mut TcpStream, sky: &mut watch::Receiver<Sky>, cuts: u64) -> End {
    let mut swallowed = [0; 1024];
    let mut half_open = false;
    loop {
        let now = *sky.borrow_and_update();
        half_open |= now.weather == Weather::HalfOpen;
        if now.cuts != cuts || now.weather == Weather::Refuse {
            return End::Reset;
        }
        match now.weather {
            Weather::HalfOpen => tokio::select! {
                read = client.read(&mut swallowed) => match read {
                    Ok(0) | Err(_) => return End::Reset,
                    Ok(_) => {}
                },
                _ = sky.changed() => {}
            },
            _ if half_open => return End::Reset,
            Weather::BlackHole => {
                if sky.changed().await.is_err() {
                    return End::Reset;
                }
            }
            _ => return End::Natural,
        }
    }
}

async fn through(client: &mut TcpStream, server: &mut TcpStream, shared: &Arc<Shared>, cuts: u64) -> End {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let up = Pump::new(shared, Direction::Up).run(from_client, to_server);
    let down = Pump::new(shared, Direction::Down).run(from_server, to_client);
    tokio::select! {
        both = async { tokio::try_join!(up, down) } => match both {
            Ok(_) => End::Natural,
            // One side was reset: so is the other.
            Err(_) => End::Reset,
        },
        () = told_to_reset(shared.sky.subscribe(), cuts) => End::Reset,
    }
}

/// Returns when the weather wants an open connection reset.
async fn told_to_reset(mut sky: watch::Receiver<Sky>, cuts: u64) {
    let mut half_open = false;
    loop {
        let now = *sky.borrow_and_update();
        let is_half_open = now.weather == Weather::HalfOpen;
        if now.cuts != cuts || now.weather == Weather::Refuse || (half_open && !is_half_open) {
            return;
        }
        half_open = is_half_open;
        if sky.changed().await.is_err() {
            return;
        }
    }
}

struct Pump<'a> {
    shared: &'a Shared,
    sky: watch::Receiver<Sky>,
    direction: Direction,
    random: fastrand::Rng,
}

impl<'a> Pump<'a> {
    fn new(shared: &'a Shared, direction: Direction) -> Self {
        let nth = shared.accepted.load(Ordering::Relaxed);
        Self {
            shared,
            sky: shared.sky.subscribe(),
            direction,
            random: fastrand::Rng::with_seed(nth * 2 + u64::from(direction == Direction::Down)),
        }
    }

    async fn run(mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> io::Result<()> {
        let mut buffer = vec![0; PIECE];
        loop {
            let read = from.read(&mut buffer).await?;
            let Some(piece) = buffer.get_mut(..read) else {
                return Ok(());
            };
            if read == 0 {
                self.may_pass().await;
                return to.shutdown().await;
            }
            self.pass(piece, &mut to).await?;
        }
    }

    async fn pass(&mut self, piece: &mut [u8], to: &mut WriteHalf<'_>) -> io::Result<()> {
        let weather = self.may_pass().await;
        let total: &AtomicU64 = match self.direction {
            Direction::Up => &self.shared.up,
            Direction::Down => &self.shared.down,
        };
        match weather {
            Weather::HalfOpen => return Ok(()),
            Weather::Garble { one_in } => {
                let wrong = garble(piece, one_in, &mut self.random);
                self.shared.garbled.fetch_add(wrong, Ordering::Relaxed);
            }
            Weather::Slice => {
                let mut rest = &*piece;
                while !rest.is_empty() {
                    let most = rest.len().min(self.random.usize(1..=SLICE));
                    let (first, others) = rest.split_at(most);
                    to.write_all(first).await?;
                    tokio::time::sleep(SLICE_PAUSE).await;
                    rest = others;
                }
                total.fetch_add(bytes(piece), Ordering::Relaxed);
                return Ok(());
            }
            _ => {}
        }
        to.write_all(piece).await?;
        total.fetch_add(bytes(piece), Ordering::Relaxed);
        Ok(())
    }

    /// Waits until a piece may go on; the weather it goes in comes back.
    async fn may_pass(&mut self) -> Weather {
        let mut held = false;
        loop {
            let weather = self.sky.borrow_and_update().weather;
            let stays = match weather {
                Weather::BlackHole | Weather::Refuse => true,
                Weather::OneWay(open) => open != self.direction,
                Weather::Slow { delay, jitter } if !held => {
                    held = true;
                    let more = jitter.mul_f64(self.random.f64());
                    tokio::time::sleep(delay + more).await;
                    continue;
                }
                _ => false,
            };
            if !stays || self.sky.changed().await.is_err() {
                return weather;
            }
        }
    }
}

/// Flips a bit in about one of `one_in` bytes; how many it flipped comes back.
pub(super) fn garble(piece: &mut [u8], one_in: u32, random: &mut fastrand::Rng) -> u64 {
    let mut wrong = 0;
    for byte in piece {
        if one_in > 0 && random.u32(0..one_in) == 0 {
            *byte ^= 1 << random.u8(0..8);
            wrong += 1;
        }
    }
    wrong
}

fn bytes(piece: &[u8]) -> u64 {
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}

/// Closes with RST instead of FIN; where that cannot be asked for, with FIN.
pub(in crate::proxy) fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}

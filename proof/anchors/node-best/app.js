// What an order service in Node can reach at best: Express, hand-written SQL on the anchors' schema, a Bull queue, and
// nothing else: no ORM, no request log, no validation library. One process.
'use strict';
const crypto = require('crypto');
const express = require('express');
const jwt = require('jsonwebtoken');
const Queue = require('bull');
const { Pool } = require('pg');

const { DATABASE_URL, REDIS_URL, TOKEN_SECRET, META_SECRET, PORT, POOL = '10' } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, max: Number(POOL) });
const jobs = new Queue('jobs', REDIS_URL);

// named statements are prepared once a connection
const SQL = {
  credit: 'select limit_paisa - owed_paisa as left_paisa from anchor.shop where id = $1 and active for update',
  take: 'update anchor.goods set stock = stock - $2 where id = $1 and stock >= $2 returning price_paisa',
  order: `insert into anchor.purchase (shop, vendor, request, status, total_paisa) values ($1, $2, $3, 1, $4)
          returning id`,
  lines: `insert into anchor.purchase_line
          select $1, row_number() over (), * from unnest($2::int[], $3::int[], $4::bigint[])`,
  owe: 'update anchor.shop set owed_paisa = owed_paisa + $2 where id = $1',
  post: 'insert into anchor.posting (account, purchase, amount_paisa) values ($1, $3, $4), ($2, $3, -$4::bigint)',
  announce: "insert into anchor.outgoing (topic, body) values ('order.placed', $1)",
  inbox: 'insert into anchor.inbox (id, sender, body) values ($1, $2, $3) on conflict do nothing',
};
const run = (client, name, ...values) => client.query({ name, text: SQL[name], values });

async function place(client, { shop, vendor, lines }, request) {
  const credit = (await run(client, 'credit', shop)).rows[0];
  if (!credit) throw new Error('nobody buys');
  let total = 0;
  for (const line of lines) {
    const taken = (await run(client, 'take', line.goods, line.units)).rows[0];
    if (!taken) throw new Error('not enough in stock');
    line.price = Number(taken.price_paisa);
    total += line.price * line.units;
  }
  if (total > Number(credit.left_paisa)) throw new Error('not enough credit');
  const { id } = (await run(client, 'order', shop, vendor, request, total)).rows[0];
  const column = (name) => lines.map((line) => line[name]);
  await run(client, 'lines', id, column('goods'), column('units'), column('price'));
  await run(client, 'owe', shop, total);
  await run(client, 'post', shop, 1000000 + vendor, id, total);
  await run(client, 'announce', JSON.stringify({ order: id, retailer: shop, vendor, total }));
  return { id, total };
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json({ verify: (req, _res, raw) => { req.raw = raw; } }));

app.get('/health', (_req, res) => res.send('ok'));

app.post('/webhook', async (req, res, next) => {
  try {
    const mac = crypto.createHmac('sha256', META_SECRET).update(req.raw).digest('hex');
    if (req.headers['x-hub-signature-256'] !== `sha256=${mac}`) return res.sendStatus(401);
    const message = req.body.entry[0].changes[0].value.messages[0];
    const stored = await run(pool, 'inbox', message.id, message.from, JSON.stringify(req.body));
    if (stored.rowCount) {
      const job = { id: message.id, from: message.from, text: message.text.body };
      await jobs.add('message', job, { removeOnComplete: true });
    }
    return res.sendStatus(200);
  } catch (error) {
    return next(error);
  }
});

app.post('/orders', async (req, res, next) => {
  let client;
  try {
    jwt.verify(req.headers.authorization.slice('Bearer '.length), TOKEN_SECRET);
    req.body.lines.sort((a, b) => a.goods - b.goods);
    client = await pool.connect();
    await client.query('begin');
    const placed = await place(client, req.body, req.headers['idempotency-key']);
    await client.query('commit');
    client.release();
    client = null;
    await jobs.add('order', { id: placed.id }, { removeOnComplete: true });
    return res.status(201).json(placed);
  } catch (error) {
    if (client) {
      await client.query('rollback').catch(() => {});
      client.release();
    }
    return next(error);
  }
});

app.listen(Number(PORT), '127.0.0.1');

// A webhook worker as many products have one: a BullMQ job for each delivery, undici over kept connections, and one
// INSERT that records what was sent and what came back. Started by benchmarks/delivery/peer.py:
//
//   node deliver.mjs '{"redis": 1234, "sink": "http://127.0.0.1:1235", "database": "postgresql://...", ...}'
//
// It writes "ready", obeys each line of input and then writes "done":
//
//   fill 1000 50   put 1000 jobs into the queue, 50 at a time: an event for 50 webhooks
//   work 1000      work 1000 jobs off

import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'

import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { Pool } from 'undici'

const QUEUE = 'webhooks'
const TIMEOUT = 15_000
const given = JSON.parse(process.argv[2])
const connection = () => new Redis({ host: '127.0.0.1', port: given.redis, maxRetriesPerRequest: null })

const queue = new Queue(QUEUE, { connection: connection() })
let filled = 0

async function fill(jobs, fan) {
  for (let first = 0; first < jobs; first += fan) {
    const id = `evt_${randomUUID()}`
    await queue.addBulk(Array.from({ length: fan }, () => ({
      name: 'deliver',
      data: { id, endpoint: filled++ % given.endpoints, body: given.body },
      opts: { attempts: 10, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true },
    })))
  }
}

async function start() {
  const secret = randomBytes(32)
  const http = new Pool(given.sink, { connections: given.concurrency, headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT })
  const database = new pg.Pool({ connectionString: given.database, max: given.concurrency })
  const warm = await Promise.all(Array.from({ length: given.concurrency }, () => database.connect()))
  for (const client of warm) client.release()

  async function deliver(job) {
    const { id, endpoint, body } = job.data
    const at = Math.floor(Date.now() / 1000)
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Peer/1.0',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')}`,
    }
    const began = performance.now()
    const answer = await http.request({ method: 'POST', path: `/ok/${endpoint}`, headers, body })
    const said = await answer.body.text()
    const ok = answer.statusCode < 300
    await database.query({
      name: 'record',
      text: `INSERT INTO peer_deliveries (id, endpoint, event_id, event_type, outcome, attempts, ended_at, status, error,
                                          ms, ip, request_headers, response_head, response_body)
             VALUES ($1, $2, $3, $4, $5, $6, now(), $7, $8, $9, $10, $11, $12, $13)`,
      values: [
        randomUUID(), endpoint, id, 'contest.updated', ok ? 'succeeded' : 'failed', job.attemptsMade + 1,
        answer.statusCode, '', performance.now() - began, '127.0.0.1', JSON.stringify(headers),
        JSON.stringify(answer.headers), said,
      ],
    })
    if (!ok) throw new Error(`answered ${answer.statusCode}`)
  }

  const worker = new Worker(QUEUE, deliver, {
    connection: connection(), autorun: false, concurrency: given.concurrency, removeOnComplete: { count: 0 },
  })
  let left = 0
  let end = () => {}
  worker.on('completed', () => { if (--left === 0) end() })
  worker.on('error', (error) => console.error(error))
  await worker.waitUntilReady()
  return async (jobs) => {
    left = jobs
    const all = new Promise((resolve) => { end = resolve })
    if (worker.isPaused()) worker.resume()
    else worker.run()
    await all
    return () => worker.pause()
  }
}

const work = await start()
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [order, jobs, fan] = line.split(' ')
  const after = order === 'fill' ? await fill(Number(jobs), Number(fan)) : await work(Number(jobs))
  console.log('done')
  await after?.()
  console.log('ready')
}

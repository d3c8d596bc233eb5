// Does what it is told, line by line, and answers each with one line of JSON: seconds and bytes of its sockets.
const net = require('net')
const fs = require('fs')
const [folder, port] = process.argv.slice(2)
const PouchDB = require('pouchdb-node').defaults({ prefix: folder + '/' })
const far = name => `http://127.0.0.1:${port}/${name}`
const sockets = new Set()
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...rest) { sockets.add(this); return connect.apply(this, rest) }
const bytes = side => [...sockets].reduce((sum, socket) => sum + socket[side], 0)
const here = new PouchDB('here')
const there = new PouchDB('there')
const files = new PouchDB('files')
const BATCH = { batch_size: 1000, batches_limit: 2 }

const acts = {
  async write (lines) {
    const docs = fs.readFileSync(lines, 'utf8').trim().split('\n').map(JSON.parse)
    for (let n = 0; n < docs.length; n += 1000) await here.bulkDocs(docs.slice(n, n + 1000))
  },
  push: () => here.replicate.to(far('events'), BATCH),
  pull: () => there.replicate.from(far('events'), BATCH),
  idle: () => here.replicate.to(far('events'), BATCH),
  async keep (photos) {
    for (const name of fs.readdirSync(photos)) {
      const data = fs.readFileSync(`${photos}/${name}`)
      await files.put({ _id: name, _attachments: { photo: { content_type: 'image/jpeg', data } } })
    }
  },
  photos: () => files.replicate.to(far('files'), { batch_size: 10 })
}

require('readline').createInterface({ input: process.stdin }).on('line', async line => {
  const [act, argument] = line.split(' ')
  const [begin, up, down] = [process.hrtime.bigint(), bytes('bytesWritten'), bytes('bytesRead')]
  try {
    await acts[act](argument)
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9
    console.log(JSON.stringify({ seconds, up: bytes('bytesWritten') - up, down: bytes('bytesRead') - down }))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }))
  }
})
console.log('{}')

// CouchDB's protocol from npm: express-pouchdb over leveldb, as its own documents start it.
const [folder, port] = process.argv.slice(2)
const PouchDB = require('pouchdb-node').defaults({ prefix: folder + '/' })
const app = require('express')()
app.use(require('express-pouchdb')(PouchDB, { mode: 'minimumForPouchDB', overrideMode: { exclude: [] } }))
app.listen(+port, '127.0.0.1', () => console.log('{}'))

// An S3 server on loopback: `node server.mjs FOLDER`. Prints its port. One pair of keys, S3RVER and S3RVER; signatures are checked.
import S3rver from 's3rver'

const [directory] = process.argv.slice(2)
const buckets = [{ name: 'lake' }]
const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: buckets })
const { port } = await server.run()
process.stdout.write(`${port}\n`)

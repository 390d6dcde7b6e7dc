// The node: run in the folder where js-ipfs is installed, as `node node.mjs <repo> <port>`. Offline, on loopback alone.
import { create } from 'ipfs-core'
import { HttpApi } from 'ipfs-http-server'

const [repo, port] = process.argv.slice(2)
const ipfs = await create({
  offline: true,
  silent: true,
  repo,
  config: {
    Addresses: { API: `/ip4/127.0.0.1/tcp/${port}`, Gateway: '', Swarm: [] },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } },
  },
})
await new HttpApi(ipfs).start()
console.log('ready')

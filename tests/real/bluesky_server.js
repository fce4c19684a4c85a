// A directory of DIDs and a PDS, both on 127.0.0.1 only: neither has an option for that.
// node bluesky_server.js FOLDER PLC_PORT PDS_PORT [APP_VIEW], with the packages in NODE_PATH. APP_VIEW: the address of
// what stands for Bluesky's own servers, to which a PDS passes on what it does not know itself.
'use strict'
const net = require('node:net')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  const port = typeof where === 'object' && where !== null ? where.port : where
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest.filter((each) => typeof each === 'function'))
}

const crypto = require('node:crypto')
const plc = require('@did-plc/server')
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')

const [folder, plcPort, port, appView] = process.argv.slice(2)
const secret = () => crypto.randomBytes(32).toString('hex')

async function main() {
  await plc.PlcServer.create({ db: plc.Database.mock(), port: Number(plcPort) }).start()
  const env = {
    port: Number(port),
    hostname: 'localhost',
    devMode: true, // and with it: addresses without https
    dataDirectory: folder,
    blobstoreDiskLocation: `${folder}/blobs`,
    didPlcUrl: `http://127.0.0.1:${plcPort}`,
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    crawlers: [],
    rateLimitsEnabled: true,
    disableSsrfProtection: true,
    ...(appView ? { bskyAppViewUrl: appView, bskyAppViewDid: 'did:web:app.example' } : {}),
    jwtSecret: secret(),
    adminPassword: secret(),
    plcRotationKeyK256PrivateKeyHex: secret(),
  }
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})

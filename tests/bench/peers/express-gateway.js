// express-gateway with its key-auth policy, its emulated redis and one key; the call ends in its terminate policy.
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const root = path.dirname(require.resolve('express-gateway/package.json'));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chy-gateway-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function main() {
  const port = await freePort();
  fs.cpSync(path.join(root, 'lib/config/models'), path.join(folder, 'models'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'system.config.yml'), 'db:\n  redis:\n    emulate: true\n    namespace: EG\n'
    + 'crypto:\n  cipherKey: sensitiveKey\n  algorithm: aes256\n  saltRounds: 10\nsession:\n  secret: bench\n  resave: false\n  saveUninitialized: false\n'
    + 'accessTokens:\n  timeToExpiry: 7200000\nrefreshTokens:\n  timeToExpiry: 7200000\nauthorizationCodes:\n  timeToExpiry: 300000\n');
  fs.writeFileSync(path.join(folder, 'gateway.config.yml'), `http:\n  port: ${port}\n  hostname: 127.0.0.1\n`
    + 'apiEndpoints:\n  all:\n    host: "*"\n    paths: "/*"\npolicies:\n  - key-auth\n  - terminate\npipelines:\n  only:\n    apiEndpoints:\n      - all\n'
    + '    policies:\n      - key-auth:\n      - terminate:\n          - action:\n              statusCode: 200\n              message: ok\n');
  process.env.EG_CONFIG_DIR = folder;
  const gateway = require('express-gateway');
  await gateway().load(folder).run();
  const services = require(path.join(root, 'lib/services'));
  const user = await services.user.insert({ username: 'bench', firstname: 'B', lastname: 'E' });
  await services.credential.insertCredential(user.id, 'key-auth', { keyId: 'bench', keySecret: 'secret' });
  console.log(`port ${port}`);
}
main();

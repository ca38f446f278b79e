// The check in express: a million keys in a Map, the app's name in a header. Argument: a file with the keys that calls use.
const crypto = require('node:crypto');
const fs = require('node:fs');
const express = require('express');

const apps = new Map();
for (const [i, key] of JSON.parse(fs.readFileSync(process.argv[2], 'utf8')).entries()) apps.set(key, `app-${i % 1000}`);
while (apps.size < 1000000) apps.set(crypto.randomBytes(32).toString('base64'), `app-${apps.size % 1000}`);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use((req, res) => {
  const name = apps.get(req.get('x-api-key'));
  if (name === undefined) return res.status(401).end();
  res.set('x-consumer', name).status(200).end();
});
const server = app.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));

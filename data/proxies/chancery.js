// The key that was sent, as the maps have it: SHA-256 in lower-case digits.
import crypto from 'crypto';

function key(r) {
    const text = r.headersIn['X-API-Key'];
    return text ? crypto.createHash('sha256').update(text).digest('hex') : '';
}

export default {key};

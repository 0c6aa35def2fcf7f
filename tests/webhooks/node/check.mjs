// Reads cases as a JSON list from standard input, judges each as a receiver would, writes the list of judgements.
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HTTP } from 'cloudevents';
import * as standardwebhooks from 'standardwebhooks';
import * as svix from 'svix';

const libraries = { standardwebhooks, svix };

// Ed25519 public keys in DER begin with these bytes; the raw key follows.
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const judges = {
  signature({ library, secret, body, headers }) {
    const { Webhook, WebhookVerificationError } = libraries[library];
    try {
      new Webhook(secret).verify(body, headers);
      return 'accepted';
    } catch (error) {
      return error instanceof WebhookVerificationError ? 'refused' : String(error);
    }
  },
  ed25519({ publicKey, body, headers }) {
    const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
    const key = createPublicKey({ key: Buffer.concat([DER_PREFIX, raw]), format: 'der', type: 'spki' });
    const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
    const signatures = headers['webhook-signature'].split(' ').filter((each) => each.startsWith('v1a,'));
    const matches = signatures.some((each) => verify(null, signed, key, Buffer.from(each.slice(4), 'base64')));
    return matches ? 'accepted' : 'refused';
  },
  cloudevent({ body, headers }) {
    const event = HTTP.toEvent({ headers, body });
    return { valid: event.validate(), attributes: { ...event.toJSON(), data: undefined }, data: event.data ?? null };
  },
};

const cases = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(cases.map(({ judge, ...given }) => judges[judge](given))));

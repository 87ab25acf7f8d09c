import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM texts for a server, and the file of the authority that vouches for it. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly authorityFile: string;
}

export interface CertificateWish {
  /** Who the certificate is for, as in a certificate's alternative names: `IP:127.0.0.1`, `DNS:example.org`. */
  readonly name: string;
  /** Valid until that many days from now; less than 0 for one that has run out. */
  readonly days: number;
}

function openssl(directory: string, ...words: readonly string[]): void {
  execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' });
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority in a directory, and a certificate it vouches for. Needs the `openssl` command. */
export function makeCertificate(directory: string, wish: CertificateWish): Certificate {
  const subject = ['-subj', '/CN=wire test authority'];
  openssl(directory, 'req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', ...subject, '-days', '9');
  openssl(directory, 'req', ...KEY, '-keyout', 'node.key', '-out', 'node.csr', '-subj', '/CN=wire test node');
  writeFileSync(join(directory, 'index.txt'), '');
  writeFileSync(join(directory, 'serial.txt'), '01');
  writeFileSync(join(directory, 'ca.cnf'), configuration(wish.name));
  const day = 86_400_000;
  const time = (ms: number): string => `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const end = Date.now() + wish.days * day;
  const dates = ['-startdate', time(Math.min(end, Date.now()) - 2 * day), '-enddate', time(end)];
  const files = ['-in', 'node.csr', '-out', 'node.pem', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
  openssl(directory, 'ca', '-batch', '-config', 'ca.cnf', ...dates, ...files);
  return {
    certificate: readFileSync(join(directory, 'node.pem'), 'utf8'),
    key: readFileSync(join(directory, 'node.key'), 'utf8'),
    authorityFile: join(directory, 'ca.pem'),
  };
}

function configuration(name: string): string {
  return `
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
serial = serial.txt
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = ${name}
`;
}

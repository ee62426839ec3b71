/** Where receivers of webhooks listen: what functions call at 127.0.0.1 or localhost by HTTPS, the emulator calls without TLS. */
export const RECEIVER_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : '::1';

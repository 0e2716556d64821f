/**
 * A certificate that nobody signed, for `localhost`, valid for a hundred years, and its key: what a client must refuse.
 * Made for these tests; nothing trusts it.
 */
const KEY =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAMiUXSi0ivOb1ZQB2Pkk/9j87m/dTyVMnQMLr/H0vg' +
  'OhRANCAAQ3KAfQyT3Q4C2gYQgCWHfDsEfEOd1w1tTGYLL4/TXvKHfPj+6ZTogldEb0Vfx50TiUDfFNnU7UjOM/WRHf' +
  'pXJg';
const CERTIFICATE =
  'MIIBfzCCASWgAwIBAgIUBEFceTHwDr/h8piy1EyYh6kWhIgwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3' +
  'N0MCAXDTI2MTEyNDAyMDMyM1oYDzIxMjYxMDMxMDIwMzIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjO' +
  'PQIBBggqhkjOPQMBBwNCAAQ3KAfQyT3Q4C2gYQgCWHfDsEfEOd1w1tTGYLL4/TXvKHfPj+6ZTogldEb0Vfx50TiUDf' +
  'FNnU7UjOM/WRHfpXJgo1MwUTAdBgNVHQ4EFgQUfVTm6oAsMbd5LNyrgaRNom83X1cwHwYDVR0jBBgwFoAUfVTm6oAs' +
  'Mbd5LNyrgaRNom83X1cwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiA305TZdhBZ8vMnmSZSXTBLAb' +
  'FFh9XcHxTopQsvmpyiMQIhANt3x3LdJKHWIPPoI0u2agksc7ojaMVTiVDbOe/8X0rZ';

function pem(what: string, content: string): string {
  return `-----BEGIN ${what}-----\n${content}\n-----END ${what}-----\n`;
}

export const selfSigned = { key: pem('PRIVATE KEY', KEY), cert: pem('CERTIFICATE', CERTIFICATE) };

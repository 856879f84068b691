/** TypeScript has no Trusted Types yet. What a policy makes is passed on where a string is wanted. */
interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

declare var trustedTypes: TrustedTypePolicyFactory | undefined

declare module '*?worker&url' {
  const url: string
  // biome-ignore lint/style/noDefaultExport: it is how Vite gives the address.
  export default url
}

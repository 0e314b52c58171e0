/** The page around a webview: one script, one style sheet, nothing else may load or run. */
import { Uri, type Webview } from 'vscode'

export function webviewPage(webview: Webview, extension: Uri, name: 'events' | 'lineage', title: string): string {
  const resource = (file: string) => webview.asWebviewUri(Uri.joinPath(extension, 'dist', file)).toString()
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join(
    '',
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; img-src blob: data:">
<link rel="stylesheet" href="${resource(`webview-${name}.css`)}">
<title>${title}</title>
</head>
<body><main id="app"></main><script nonce="${nonce}" src="${resource(`webview-${name}.js`)}"></script></body>
</html>`
}

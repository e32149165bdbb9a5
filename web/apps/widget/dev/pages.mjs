// Host pages for trials: a bland shop, and a page that holds the chat inside itself.

const head = (title) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><title>${title}</title><link rel="stylesheet" href="/shop.css"></head>`;

/** The shop; ?lang, ?position, ?color become the embed line's options, ?host another origin for the widget. */
export function shop(url) {
  const option = (name) => (url.searchParams.get(name) ? ` data-${name}="${url.searchParams.get(name)}"` : "");
  const script = `<script src="${url.searchParams.get("host") ?? ""}/widget.js" data-inbox="demo"${option("lang")}${option("position")}${option("color")} async></script>`;
  return `${head("远行 E5 · 远行汽车")}<body><header><b>远行汽车</b><nav><a href="/shop/models">车型</a> <a href="/shop/service">服务</a> <a href="/shop/shops">门店</a></nav></header><main><div class="photo"></div><div><h1>远行 E5</h1><p>纯电中型 SUV · 续航 620 km · 800 V 快充</p><p class="price">¥ 189,800 起</p></div></main>${script}</body></html>`;
}

export const page = {
  policy: (host) => `default-src 'self' http://${host}; script-src http://${host} http://127.0.0.1:*; style-src 'self'; connect-src http://${host} ws://${host} http://127.0.0.1:* ws://127.0.0.1:*; img-src http://${host} http://127.0.0.1:* data: blob:`,
  inline: () => `${head("智能客服")}<body><header><b>远行汽车</b></header><main class="single"><h1>在线咨询</h1><div id="chat"></div></main><script src="/widget.js" data-inbox="demo" data-mode="page" data-target="#chat" async></script></body></html>`,
  css: `*{box-sizing:border-box}body{margin:0;font:15px/1.7 "Noto Sans CJK SC",system-ui,sans-serif;color:#161a23;background:#fff}header{display:flex;gap:28px;align-items:center;height:64px;padding:0 48px;border-bottom:1px solid #eceef3}header b{font-size:18px}a{color:#4d5568;text-decoration:none;margin-right:20px}main{display:grid;grid-template-columns:minmax(0,400px) 1fr;gap:48px;padding:40px 48px;max-width:860px}.single{display:block}#chat{height:560px}.photo{aspect-ratio:1;border-radius:20px;background:linear-gradient(160deg,#eef2f9,#c9d6ea)}h1{font-size:28px;margin:0 0 8px}p{color:#4d5568;margin:0 0 16px}.price{font-size:26px;font-weight:700;color:#c0261c}@media(max-width:700px){nav{display:none}main{grid-template-columns:minmax(0,1fr);padding:16px}header{padding:0 16px}}@media(prefers-color-scheme:dark){body{background:#0e1117;color:#eceff5}p,a{color:#a7b0c2}header{border-color:#2a3040}.price{color:#ff9c93}}`,
};

/** Says which headers are missing if this page cannot share memory with its worker. */
if (!crossOriginIsolated) {
  document.querySelector("#message").textContent =
    "The worker cannot use this page. Its web server has to send, over https or on localhost: " +
    "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";
}

// A page that a browser kept in memory as it was and shows again on its back key is fetched instead: what was said may have
// been taken away since.
window.addEventListener("pageshow", function (event) {
  if (event.persisted) { window.location.reload(); }
});

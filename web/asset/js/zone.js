// The reader's time zone: a page with hours, [data-keep-zone="the zone it shows"], has the browser's remembered in a
// cookie, so that the pages that follow are written by his clock. This one is left as it is and says that it shows another.
{
  const note = document.querySelector("[data-keep-zone]");
  const own = note && Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own) {
    document.cookie = `zone=${own}; path=/; max-age=15552000; samesite=lax`;
    note.hidden = own === note.dataset.keepZone;
  }
}

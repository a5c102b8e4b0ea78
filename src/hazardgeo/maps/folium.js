// Only on pages to which layers of folium were added: these expect a marker image and two uses of jQuery.
delete L.Icon.Default.prototype._getIconUrl;
L.Icon.Default.mergeOptions(hazardgeoMarker);
window.$ ??= (given) =>
  given === document
    ? { ready: (run) => run() }
    : [new DOMParser().parseFromString(given, "text/html").body.firstElementChild];

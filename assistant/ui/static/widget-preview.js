// The preview of the setup page: puts the widget on this page with the attributes that stand in the address's query.
"use strict";

const script = document.createElement("script");
script.src = "/widget.js";
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name.startsWith("data-")) {
    script.setAttribute(name, value);
  }
}
document.body.append(script);

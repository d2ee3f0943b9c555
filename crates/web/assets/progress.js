// Live progress: takes events of the page's own server and shows them; at the end it goes to the result.
(function () {
  "use strict";
  function watch(block) {
    if (!window.EventSource) { return; }
    var text = block.querySelector(".progress-text");
    var bar = block.querySelector("progress");
    var count = block.querySelector(".progress-count");
    var again = block.querySelector(".progress-again");
    var source = new EventSource(block.getAttribute("data-events"));
    if (again) { again.hidden = true; }
    source.addEventListener("progress", function (event) {
      var state = JSON.parse(event.data);
      text.textContent = state.text;
      if (state.total > 0) {
        bar.max = state.total;
        bar.value = state.done;
        count.textContent = state.done + " / " + state.total;
      }
      if (state.finished) {
        source.close();
        window.location.assign(state.finished);
      } else if (state.failed) {
        source.close();
        text.textContent = state.failed;
        // The page as it is now: without the button that stops, with what to do.
        window.location.reload();
      }
    });
    source.onerror = function () {
      if (again) { again.hidden = false; }
    };
  }
  Array.prototype.forEach.call(document.querySelectorAll(".progress[data-events]"), watch);
})();

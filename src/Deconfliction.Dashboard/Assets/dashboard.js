// The operations pages' own script: keeps panels live, says when they are not, and reads charts out. Everything works without it, but
// stands still. It loads nothing but the page's stream.
"use strict";

(() => {
  const STALE_AFTER_MS = 15000;
  const body = document.body;
  const say = body.dataset;
  const paused = new Set();
  let lastHeard = Date.now();
  let lastClock = "";

  const panelOf = (id) => document.querySelector(`[data-panel="${CSS.escape(id)}"]`);

  // --- local time, beside UTC

  const localise = (root) => {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        time.title = `${say.sayLocal}: ${at.toLocaleString(document.documentElement.lang, { timeZoneName: "short" })}`;
      }
    }
  };

  // --- panels

  const showAge = (panel, problem, isOld) => {
    const mark = panel.querySelector("[data-mark]");
    mark.hidden = !problem;
    const text = panel.querySelector("[data-mark-text]");
    if (text.textContent !== problem) {
      text.textContent = problem;
    }
    panel.toggleAttribute("data-old", isOld);
  };

  const update = (message) => {
    const panel = panelOf(message.id);
    if (!panel || paused.has(message.id)) {
      return;
    }
    panel.dataset.problem = message.problem;
    showAge(panel, message.problem, message.problem !== "");
    const asOf = panel.querySelector("[data-asof]");
    asOf.dateTime = message.asOf;
    asOf.textContent = message.clock;
    localise(panel.querySelector(".asof"));
    if (message.html === null) {
      return;
    }
    const content = panel.querySelector("[data-body]");
    const focusable = [...content.querySelectorAll("[tabindex], a, button")];
    const focused = focusable.indexOf(document.activeElement);
    const scrolled = [...content.querySelectorAll(".scroll")].map((part) => part.scrollLeft);
    const reading = chartUnder(content);
    // Markup of this server's own, with every value encoded in it.
    content.innerHTML = message.html;
    localise(content);
    [...content.querySelectorAll(".scroll")].forEach((part, i) => { part.scrollLeft = scrolled[i] || 0; });
    if (focused >= 0) {
      [...content.querySelectorAll("[tabindex], a, button")][focused]?.focus({ preventScroll: true });
    }
    if (reading) {
      const plot = content.querySelectorAll("[data-chart]")[reading.index];
      if (plot) {
        read(plot, reading.share);
      }
    }
  };

  for (const button of document.querySelectorAll("[data-pause]")) {
    button.addEventListener("click", () => {
      const id = button.closest("[data-panel]").dataset.panel;
      const isPaused = !paused.delete(id);
      if (isPaused) {
        paused.add(id);
      }
      button.setAttribute("aria-pressed", String(isPaused));
      button.textContent = isPaused ? say.sayResume : say.sayPause;
    });
  }

  // --- whether the page is live

  const live = document.querySelector("[data-live]");
  const liveText = document.querySelector("[data-live-text]");
  const show = (state, text) => {
    live.className = `live is-${state}`;
    if (liveText.textContent !== text) {
      liveText.textContent = text;
    }
  };

  const heard = () => {
    lastHeard = Date.now();
    lastClock = new Date().toISOString().slice(11, 19) + " UTC";
    show("live", say.sayLive);
  };

  const page = document.querySelector("[data-live-page]")?.dataset.livePage;
  if (page) {
    lastClock = new Date().toISOString().slice(11, 19) + " UTC";
    const connect = () => {
      const stream = new EventSource(`/live/${page}`);
      stream.addEventListener("panel", (event) => { heard(); update(JSON.parse(event.data)); });
      stream.addEventListener("tick", heard);
      // A browser gives up for good where the answer is no stream (the server is away, or nobody is signed in any more).
      stream.addEventListener("error", () => {
        if (stream.readyState === EventSource.CLOSED) {
          setTimeout(connect, 5000);
        }
      });
      addEventListener("pagehide", () => stream.close());
    };
    connect();
    setInterval(() => {
      if (Date.now() - lastHeard < STALE_AFTER_MS) {
        return;
      }
      const words = say.sayStale.replace("{0}", lastClock);
      show("stale", words);
      for (const panel of document.querySelectorAll("[data-panel]")) {
        if (!paused.has(panel.dataset.panel)) {
          showAge(panel, words, true);
        }
      }
    }, 1000);
  } else {
    live.hidden = true;
  }

  // --- charts: values at the pointer, or by the arrow keys

  const LEFT = 64;
  const RIGHT = 8;
  let current = null;

  const chartUnder = (root) => {
    if (!current || !root.contains(current.plot)) {
      return null;
    }
    const index = [...root.querySelectorAll("[data-chart]")].indexOf(current.plot);
    return { index, share: current.share };
  };

  const clear = (plot) => {
    for (const old of plot.querySelectorAll(".tip, .cursor")) {
      old.remove();
    }
    if (current?.plot === plot) {
      current = null;
    }
  };

  const nearest = (points, share) =>
    points.reduce((best, point) => (best === null || Math.abs(point[0] - share) < Math.abs(best[0] - share) ? point : best), null);

  const read = (plot, share) => {
    clear(plot);
    const { lines } = JSON.parse(plot.dataset.chart);
    const found = lines.map((line) => ({ name: line.name, point: nearest(line.points, share) })).filter((line) => line.point);
    if (found.length === 0) {
      return;
    }
    const at = found.reduce((best, line) => (Math.abs(line.point[0] - share) < Math.abs(best[0] - share) ? line.point : best), found[0].point);
    current = { plot, share };
    const width = plot.clientWidth - LEFT - RIGHT;
    const cursor = document.createElement("div");
    cursor.className = "cursor";
    cursor.style.left = `${LEFT + at[0] * width}px`;
    const tip = document.createElement("div");
    tip.className = "tip";
    const time = document.createElement("time");
    time.textContent = at[2];
    tip.append(time);
    for (const line of found) {
      const row = document.createElement("div");
      const value = document.createElement("b");
      value.textContent = line.point[3];
      row.append(`${line.name} `, value);
      tip.append(row);
    }
    plot.append(cursor, tip);
    const x = LEFT + at[0] * width;
    tip.style.left = `${x > plot.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12}px`;
  };

  document.addEventListener("pointermove", (event) => {
    const plot = event.target instanceof Element ? event.target.closest("[data-chart]") : null;
    if (current && current.plot !== plot) {
      clear(current.plot);
    }
    if (plot) {
      const box = plot.getBoundingClientRect();
      read(plot, Math.min(1, Math.max(0, (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT))));
    }
  });

  document.addEventListener("keydown", (event) => {
    const plot = document.activeElement?.closest("[data-chart]");
    if (!plot || !["ArrowLeft", "ArrowRight", "Home", "End", "Escape"].includes(event.key)) {
      return;
    }
    event.preventDefault();
    if (event.key === "Escape") {
      clear(plot);
      return;
    }
    const shares = [...new Set(JSON.parse(plot.dataset.chart).lines.flatMap((line) => line.points.map((point) => point[0])))].sort((a, b) => a - b);
    if (shares.length === 0) {
      return;
    }
    const from = current?.plot === plot ? current.share : 1;
    const earlier = shares.filter((share) => share < from - 1e-6);
    const later = shares.filter((share) => share > from + 1e-6);
    const to = {
      ArrowLeft: earlier[earlier.length - 1] ?? shares[0],
      ArrowRight: later[0] ?? shares[shares.length - 1],
      Home: shares[0],
      End: shares[shares.length - 1],
    }[event.key];
    read(plot, to);
  });

  document.addEventListener("focusout", (event) => {
    const plot = event.target instanceof Element ? event.target.closest("[data-chart]") : null;
    if (plot && document.contains(plot)) {
      clear(plot);
    }
  });

  localise(document);
})();

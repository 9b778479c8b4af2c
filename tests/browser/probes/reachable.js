// How many things the Tab key should reach.
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
  (element) =>
    element.tabIndex >= 0 && !element.disabled && element.type !== "hidden" &&
    element.checkVisibility({ visibilityProperty: true }) &&
    // Of a group of radio buttons, Tab reaches one: the checked one, or else the first.
    !(element.type === "radio" && element !== (
      element.closest("form").querySelector(`input[name="${element.name}"]:checked`) ??
      element.closest("form").querySelector(`input[name="${element.name}"]`))),
).length

// For web views too old for modules, which skip every other script of ours: over to the page that needs none.
location.replace(location.pathname.replace(/\/?$/, "/plain"));

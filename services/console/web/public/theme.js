// Before the first paint, so that a dark screen never flashes white. The keys are those of src/composables/theme.ts.
;(function () {
  try {
    var chosen = localStorage.getItem('huiyin.theme')
    var dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
    if (dark) document.documentElement.classList.add('dark')
  } catch (error) {
    // Storage may be forbidden by policy; light it is then.
  }
})()

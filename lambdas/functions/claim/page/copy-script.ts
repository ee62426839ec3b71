/**
 * The page's only script: selects the key when its field is entered, and copies it. All works without it, so the button is
 * hidden until it runs.
 */
export const COPY_SCRIPT = `(function () {
  var field = document.getElementById('key');
  var button = document.getElementById('copy');
  var status = document.getElementById('copied');
  if (!field || !button || !status) return;
  var say = function (text) { status.textContent = text; };
  var select = function () { field.focus(); field.select(); };
  var byHand = function () {
    select();
    say('Your browser did not copy it. The key is selected: copy it by hand.');
  };
  field.addEventListener('focus', function () { field.select(); });
  button.addEventListener('click', function () {
    if (!navigator.clipboard) return byHand();
    navigator.clipboard.writeText(field.value).then(function () { say('Copied.'); }, byHand);
  });
  button.hidden = false;
})();`;

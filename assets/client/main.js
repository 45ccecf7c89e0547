// What the page does by itself, without the server: keys, menus, selection by shift, dragging, swiping,
// the theme, and the forms that log people in. Commands are never sent from here: each of these works the
// page's own controls, so a key can do nothing that a click can't.
import "./forms.js";
import "./keyboard.js";
import "./layers.js";
import "./leaving.js";
import "./list_scroll.js";
import "./menus.js";
import "./page_title.js";
import "./push.js";
import "./quick_add.js";
import "./reorder.js";
import "./selection.js";
import "./session.js";
import "./shell.js";
import "./swipe.js";
import "./theme.js";
import "./toast.js";

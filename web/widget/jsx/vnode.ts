/** Everything that may stand between two tags. */
export type Child = VNode | string | number | boolean | null | undefined | Child[];

/** An element as it is to be, or a text (whose tag is empty). */
export interface VNode {
  tag: string;
  props: Props;
  children: VNode[];
  text?: string;
  /** Tells children of one parent apart wherever they move. */
  key?: string;
  /** What stands for it on the page. */
  dom: Element | Text | null;
}

// Listeners take what their events are: the properties of DOM elements of the same names are no stricter.
type Listener<E extends Event> = (event: E) => void;

export interface Props {
  [attribute: string]: unknown;
  onClick?: Listener<MouseEvent>;
  onChange?: Listener<Event>;
  onInput?: Listener<Event>;
  onSubmit?: Listener<SubmitEvent>;
  onKeyDown?: Listener<KeyboardEvent>;
  onPaste?: Listener<ClipboardEvent>;
  onScroll?: Listener<Event>;
  onDragOver?: Listener<DragEvent>;
  onDragLeave?: Listener<DragEvent>;
  onDrop?: Listener<DragEvent>;
  /** Called with the element after everything has been painted; isNew: it was not there before. */
  after?: (element: HTMLElement, isNew: boolean) => void;
}

/** A component without an element of its own. */
export const Fragment = ({ children }: { children?: Child }): Child => children;

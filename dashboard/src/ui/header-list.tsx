import classes from "./header-list.module.css";

/** The headers of an HTTP request, a line each. */
export const HeaderList = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => (
  <dl className={classes.headers} aria-label="Headers">
    {Object.entries(headers).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

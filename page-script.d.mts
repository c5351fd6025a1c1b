/** The text of the script of a report's page. `root`: the project's folder. */
export function bundlePageScript(root: string): Promise<string>;

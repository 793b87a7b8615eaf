// What is the module of each landscape?

import { stub } from "./stub";

export default () => stub("landscape");

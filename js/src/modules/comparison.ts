// What is the module of each comparison?

import { stub } from "./stub";

export default () => stub("comparison");

import { ArraySchema, ChoiceSchema, ObjectSchema, Shape } from "./schemas/composites";
import { BooleanSchema, NumberSchema, StringSchema } from "./schemas/primitives";
import { Schema } from "./schemas/schema";

export const string = () => new StringSchema();
export const number = () => new NumberSchema();
export const boolean = () => new BooleanSchema();
export const object = <S extends Shape>(shape: S) => new ObjectSchema(shape);
export const array = <T>(element: Schema<T>) => new ArraySchema(element);
export const choice = <T extends string>(...choices: T[]) => new ChoiceSchema(choices);

import { BsonType, documentOf, elementOf, elementsOf, type RawDocument, type RawElement, stringOf } from '#core';

/** The collections and views of its own database that a view reads: what it is on, and what its pipeline joins. */
export function viewReads(definition: RawDocument): string[] {
  const on = elementOf(definition, 'viewOn');
  const pipeline = elementOf(definition, 'pipeline');
  const names = [...(on ? [stringOf(on)] : []), ...(pipeline ? joinedIn(documentOf(pipeline)) : [])];
  return [...new Set(names)];
}

function joinedIn(pipeline: RawDocument): string[] {
  return [...elementsOf(pipeline)].flatMap((stage) => {
    if (stage.type !== BsonType.document) return [];
    const [operator] = elementsOf(documentOf(stage));
    return operator ? joinedBy(operator) : [];
  });
}

function joinedBy(operator: RawElement): string[] {
  if (operator.name === '$unionWith' && operator.type === BsonType.string) return [stringOf(operator)];
  if (operator.type !== BsonType.document) return [];
  const body = documentOf(operator);
  // each of its members is a pipeline of its own
  if (operator.name === '$facet') return [...elementsOf(body)].flatMap((facet) => joinedIn(documentOf(facet)));
  if (!JOINS.has(operator.name)) return [];
  const from = elementOf(body, operator.name === '$unionWith' ? 'coll' : 'from');
  const inner = elementOf(body, 'pipeline');
  return [
    ...(from?.type === BsonType.string ? [stringOf(from)] : []),
    ...(inner?.type === BsonType.array ? joinedIn(documentOf(inner)) : []),
  ];
}

const JOINS = new Set(['$lookup', '$graphLookup', '$unionWith']);

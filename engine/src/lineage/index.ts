/** Lineage alone, for views that draw it and need nothing else of the engine. */
export { findNodes, nameOf } from './find.ts'
export * from './graph.ts'
export { type Box, cardWidth, headHeight, type LineageLayout, layoutLineage, type Point, rowHeight } from './layout.ts'
export { type OpenLineageOptions, openLineage } from './open-lineage.ts'
export { type LineageSvgOptions, lineageSvg, pathOf } from './svg.ts'
export { type LineageLine, lineageLines } from './tree.ts'
export { edgeWords, kindWords } from './words.ts'

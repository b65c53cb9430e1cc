metadata name = 'Workbooks'
metadata description = 'The four dashboards.'

import { tagSet } from '../../types.bicep'

@description('Required. What names begin with.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. The workspace that the workbooks query.')
param workspaceId string

@description('What stands for the workspace in the files.')
var placeholder = '/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}'

@description('The workbooks.')
var books = [
  {
    name: 'overview'
    title: 'Ingestion overview'
    content: loadTextContent('../../workbooks/overview.json')
  }
  {
    name: 'sources'
    title: 'Source health'
    content: loadTextContent('../../workbooks/sources.json')
  }
  {
    name: 'quality'
    title: 'Quality'
    content: loadTextContent('../../workbooks/quality.json')
  }
  {
    name: 'capacity'
    title: 'Performance and capacity'
    content: loadTextContent('../../workbooks/capacity.json')
  }
]

resource workbooks 'Microsoft.Insights/workbooks@2023-06-01' = [
  for book in books: {
    name: guid(resourceGroup().id, prefix, 'workbook', book.name)
    location: location
    tags: union(tags, { 'hidden-title': '${book.title} (${prefix})' })
    kind: 'shared'
    properties: {
      displayName: '${book.title} (${prefix})'
      category: 'workbook'
      version: 'Notebook/1.0'
      sourceId: workspaceId
      serializedData: replace(book.content, placeholder, workspaceId)
    }
  }
]
